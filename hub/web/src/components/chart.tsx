import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formats, tree } from '../state/plant.ts';
import { colourOf, paintKey } from '../state/theme.ts';

export interface ChartProps {
  /** What a screen reader says instead of the picture; a table with the figures stands beside every chart. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  /** Everything but size and colours of the frame. Called anew when `shape` or the colours change. */
  readonly options: () => Partial<uPlot.Options> & Pick<uPlot.Options, 'series'>;
  /** Changes when the options do. */
  readonly shape: string;
  readonly small?: boolean;
}

/** The axes that all charts share: times in the site's zone, fine grid lines, the page's colours and font. */
export function frame(valueText: (value: number, step: number) => string): uPlot.Axis[] {
  const stroke = colourOf('--ink-2');
  const grid = { stroke: colourOf('--rule'), width: 1 };
  // Canvases know no rem: as large as the page's type, which grows with the screen.
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(rem * 0.78)}px system-ui, sans-serif`;
  return [
    {
      stroke,
      grid: { show: false },
      ticks: { ...grid, size: 5 },
      font,
      space: rem * 4.2,
      size: rem * 2.1,
      values: (_chart, splits) => {
        const { clock, day } = formats.value;
        const step = (splits[1] ?? 0) - (splits[0] ?? 0);
        return splits.map((seconds) => {
          const text = clock(seconds * 1000);
          return step >= 86_400 || text === '00:00' ? day(seconds * 1000) : text;
        });
      },
    },
    {
      stroke,
      grid,
      ticks: { show: false },
      font,
      size: rem * 3.6,
      space: rem * 2.4,
      values: (_chart, splits) => splits.map((value) => valueText(value, (splits[1] ?? 1) - (splits[0] ?? 0))),
    },
  ];
}

/** uPlot in the page's colours, as wide as its place. */
export function Chart({ label, data, options, shape, small = false }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const newest = useRef(data);
  newest.current = data;
  const paint = paintKey.value;
  const timeZone = tree.value?.timeZone ?? 'UTC';

  // `shape` and `paint` stand for the options and the colours: a chart is made anew only when one of them changes.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const size = () => ({ width: Math.max(120, element.clientWidth), height: Math.max(80, element.clientHeight) });
    const made = new uPlot(
      {
        ...size(),
        legend: { show: false },
        // Room for the last label of the time axis.
        padding: [10, 28, 0, 0],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
        ...options(),
      },
      newest.current,
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, paint, timeZone]);

  useEffect(() => chart.current?.setData(data), [data]);
  return <div class={`chart ${small ? 'is-small' : ''}`} role="img" aria-label={label} ref={host} />;
}
