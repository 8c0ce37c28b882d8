/** Calendars by hand: three and four shifts, daylight saving, zones with half hours. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { localDays, shiftInstances } from '../../../core/oee/shifts.ts';
import { instantOf, localDateOf, utcOffsetMs } from '../../../core/oee/time-zone.ts';
import type { TimeRange } from '../../../core/oee/windows.ts';
import type { ShiftConfig } from '../../../core/site/schema.ts';

const HOUR = 3_600_000;
const BERLIN = 'Europe/Berlin';

const range = (from: string, to: string): TimeRange => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
const utc = (ms: number) => new Date(ms).toISOString().slice(5, 16).replace('T', ' ');
const hours = ({ fromMs, toMs }: TimeRange) => (toMs - fromMs) / HOUR;
const shift = (id: string, start: string, end: string, more: Partial<ShiftConfig> = {}): ShiftConfig => ({
  id,
  start,
  end,
  breaks: [],
  ...more,
});
const THREE = [shift('early', '06:00', '14:00'), shift('late', '14:00', '22:00'), shift('night', '22:00', '06:00')];

describe('local days', () => {
  test.each([
    // date         zone                 starts (UTC)    hours
    ['2026-01-15', BERLIN, '01-14 23:00', 24],
    ['2026-07-15', BERLIN, '07-14 22:00', 24],
    ['2026-03-29', BERLIN, '03-28 23:00', 23], // clocks go forward
    ['2026-10-25', BERLIN, '10-24 22:00', 25], // clocks go back
    ['2026-11-22', 'Asia/Kolkata', '11-21 18:30', 24], // +05:30
    ['2026-11-22', 'Asia/Kathmandu', '11-21 18:15', 24], // +05:45
    ['2026-10-04', 'Australia/Lord_Howe', '10-03 13:30', 23.5], // half an hour of daylight saving
    ['2026-11-22', 'UTC', '11-22 00:00', 24],
  ])('%s in %s begins at %s UTC and has %d hours', (date, zone, start, length) => {
    const noon = instantOf(
      { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8)) },
      720,
      zone,
    );
    const days = localDays({ fromMs: noon - 1, toMs: noon }, zone);
    expect(days.map((day) => [day.date, utc(day.fromMs), hours(day)])).toEqual([[date, start, length]]);
  });

  test('that touch a range are all there, end to end', () => {
    const days = localDays(range('2026-03-27T12:00:00Z', '2026-03-30T12:00:00Z'), BERLIN);
    expect(days.map((day) => `${day.date} ${hours(day)}`)).toEqual([
      '2026-03-27 24',
      '2026-03-28 24',
      '2026-03-29 23',
      '2026-03-30 24',
    ]);
  });

  test('begin at the change itself where midnight is skipped', () => {
    // Beirut 2026-03-29: 00:00 becomes 01:00.
    const [day] = localDays(range('2026-03-29T10:00:00Z', '2026-03-29T11:00:00Z'), 'Asia/Beirut');
    expect([utc(day!.fromMs), hours(day!)]).toEqual(['03-28 22:00', 23]);
  });
});

describe('shifts', () => {
  test('of a day: the night shift belongs to the day on which it starts', () => {
    const shifts = shiftInstances(THREE, range('2026-11-23T05:00:00Z', '2026-11-24T05:00:00Z'), BERLIN);
    expect(shifts.map(({ id, date, fromMs, toMs }) => `${date} ${id} ${utc(fromMs)} - ${utc(toMs)}`)).toEqual([
      '2026-11-23 early 11-23 05:00 - 11-23 13:00',
      '2026-11-23 late 11-23 13:00 - 11-23 21:00',
      '2026-11-23 night 11-23 21:00 - 11-24 05:00',
    ]);
  });

  test.each([
    // the night that begins on   hours   why
    ['2026-03-28', 7, 'clocks go forward during it'],
    ['2026-10-24', 9, 'clocks go back during it'],
    ['2026-11-22', 8, 'an ordinary night'],
  ])('of the night of %s: %d hours, %s', (date, length) => {
    const nights = shiftInstances(THREE, range(`${date}T18:00:00Z`, `${date}T23:59:00Z`), BERLIN);
    const night = nights.find((each) => each.id === 'night' && each.date === date)!;
    expect(hours(night)).toBe(length);
  });

  test('four shifts of six hours that meet in the hour that is repeated or skipped stay end to end', () => {
    const four = [
      shift('a', '02:30', '08:30'),
      shift('b', '08:30', '14:30'),
      shift('c', '14:30', '20:30'),
      shift('d', '20:30', '02:30'),
    ];
    for (const [from, to, total] of [
      ['2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', [5, 6, 7]],
      ['2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z', [5, 6, 7]],
    ] as const) {
      const shifts = shiftInstances(four, range(from, to), BERLIN);
      for (const [index, each] of shifts.slice(1).entries()) expect(each.fromMs).toBe(shifts[index]!.toMs);
      for (const each of shifts) expect(total).toContain(hours(each));
    }
  });

  test('run on their weekdays only', () => {
    const weekdays = [shift('early', '06:00', '14:00', { days: ['mon', 'fri'] })];
    const shifts = shiftInstances(weekdays, range('2026-11-20T00:00:00Z', '2026-11-28T00:00:00Z'), BERLIN);
    expect(shifts.map(({ date }) => date)).toEqual(['2026-11-20', '2026-11-23', '2026-11-27']);
  });

  test('in a zone with half hours begin at half past by UTC', () => {
    const [early] = shiftInstances(THREE, range('2026-11-23T01:00:00Z', '2026-11-23T02:00:00Z'), 'Asia/Kolkata');
    expect(`${early!.id} ${utc(early!.fromMs)} ${utc(early!.toMs)}`).toBe('early 11-23 00:30 11-23 08:30');
  });

  test('that go around the clock: one of 24 hours', () => {
    const all = [shift('all', '06:00', '06:00')];
    const shifts = shiftInstances(all, range('2026-11-23T06:00:00Z', '2026-11-23T07:00:00Z'), BERLIN);
    expect(shifts.map(hours)).toEqual([24]);
  });

  test('cover a year of any zone without gap or overlap where the clock does', () => {
    const zones = [
      BERLIN,
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'America/Sao_Paulo',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 360 }), (zone, day) => {
        const fromMs = Date.UTC(2026, 0, 1) + day * 24 * HOUR;
        const shifts = shiftInstances(THREE, { fromMs, toMs: fromMs + 72 * HOUR }, zone);
        for (const [index, each] of shifts.slice(1).entries()) expect(each.fromMs).toBe(shifts[index]!.toMs);
        expect(shifts[0]!.fromMs).toBeLessThanOrEqual(fromMs);
        expect(shifts.at(-1)!.toMs).toBeGreaterThanOrEqual(fromMs + 72 * HOUR);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the time zone', () => {
  test('offsets come from the IANA database, and years before 1970 do no harm', () => {
    expect(utcOffsetMs(Date.parse('2026-01-01T00:00:00Z'), BERLIN)).toBe(HOUR);
    expect(utcOffsetMs(Date.parse('2026-07-01T00:00:00Z'), BERLIN)).toBe(2 * HOUR);
    expect(localDateOf(-1, 'UTC')).toEqual({ year: 1969, month: 12, day: 31 });
    expect(() => utcOffsetMs(0, 'Europe/Atlantis')).toThrow(RangeError);
  });
});
