/**
 * The time that a path's next sample gets. One writer never gives one timestamp twice (SiteWise would keep two
 * qualities side by side, the historian only the later value): what comes at or before the last one is stamped 1 ms after it.
 * @param lastMs time of the path's last sample, -Infinity where there was none
 * @param wantedMs the value's own time
 */
export function ascendingTime(lastMs: number, wantedMs: number): number {
  return wantedMs > lastMs ? wantedMs : lastMs + 1;
}
