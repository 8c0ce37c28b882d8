import type { Series, Stretch } from '../logic/series.ts';

const WIDTH = 240;
const HEIGHT = 56;

/** A small trend: steps from value to value, broken at gaps, on a tint where the value is doubtful. Decorative: the card beside it says the newest value. */
export function Sparkline({
  series,
  doubtful,
  fromMs,
  toMs,
}: {
  readonly series: Series;
  readonly doubtful: readonly Stretch[];
  readonly fromMs: number;
  readonly toMs: number;
}) {
  const known = series.values.filter((value): value is number => value !== null);
  const lowest = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const spread = highest - lowest || 1;
  const x = (seconds: number) => (((seconds * 1000 - fromMs) / (toMs - fromMs)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 4 - ((value - lowest) / spread) * (HEIGHT - 8)).toFixed(1);
  let path = '';
  let drawing = false;
  series.times.forEach((time, index) => {
    const value = series.values[index] ?? null;
    if (value !== null) path += drawing ? `H${x(time)}V${y(value)}` : `M${x(time)} ${y(value)}`;
    else if (drawing) path += `H${x(time)}`;
    drawing = value !== null;
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {doubtful.map((stretch) => {
        const left = Math.max(0, Number(x(stretch.fromMs / 1000)));
        const width = Math.max(1, Number(x(stretch.toMs / 1000)) - left);
        return <rect key={stretch.fromMs} x={left} y={0} width={width} height={HEIGHT} />;
      })}
      <path d={path} />
    </svg>
  );
}
