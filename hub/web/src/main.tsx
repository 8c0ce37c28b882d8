import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/shell.css';
import './style/oee.css';
import './style/demo.css';
import './style/cards.css';
import './style/charts.css';
import './style/hall.css';
import { App } from './app.tsx';
import { startClock } from './state/live.ts';
import { startRouter } from './state/router.ts';
import { startTheme } from './state/theme.ts';

startTheme();
startRouter();
startClock();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
