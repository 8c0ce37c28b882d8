import { describe, expect, test } from '@jest/globals';
import { type Change, oneFault } from '../../../support/site-faults.ts';
import { faultLines, smallSiteWith } from '../../../support/site-text.ts';

const withShifts = (shifts: string): Change => ['gateways:', `shifts: [${shifts}]\ngateways:`];
describe('time zone, shifts and breaks', () => {
  oneFault([
    ['the time zone exists', [['Europe/Berlin', 'Europe/Munich']], 'timeZone', 'must be the name of an IANA time zone'],
    ['an offset is no time zone', [['Europe/Berlin', '"+01:00"']], 'timeZone', 'must be the name of an IANA time zone'],
    [
      'shifts do not overlap',
      [withShifts('{ id: a, start: "06:00", end: "14:00" }, { id: b, start: "13:30", end: "22:00" }')],
      'shifts[1]',
      'overlaps shift a',
    ],
    [
      'nor over midnight',
      [withShifts('{ id: n, start: "22:00", end: "06:00" }, { id: a, start: "05:00", end: "14:00" }')],
      'shifts[1]',
      'overlaps shift n',
    ],
    [
      "nor from Sunday's night into Monday",
      [
        withShifts(
          '{ id: n, start: "22:00", end: "06:00", days: [sun] }, { id: a, start: "05:00", end: "14:00", days: [mon] }',
        ),
      ],
      'shifts[1]',
      'overlaps shift n',
    ],
    [
      'a break lies within its shift',
      [withShifts('{ id: a, start: "06:00", end: "14:00", breaks: [{ start: "13:50", end: "14:10" }] }')],
      'shifts[0].breaks[0]',
      'must lie within shift a, 06:00 to 14:00, got: 13:50 to 14:10',
    ],
    [
      'breaks do not overlap',
      [
        withShifts(
          '{ id: n, start: "22:00", end: "06:00", breaks: [{ start: "23:50", end: "00:10" }, { start: "00:05", end: "00:20" }] }',
        ),
      ],
      'shifts[0].breaks[1]',
      'overlaps another break',
    ],
    [
      'a break has a length',
      [withShifts('{ id: a, start: "06:00", end: "14:00", breaks: [{ start: "09:00", end: "09:00" }] }')],
      'shifts[0].breaks[0]',
      'must end after it starts',
    ],
  ]);

  test.each([
    [
      'three shifts round the clock',
      '{ id: e, start: "06:00", end: "14:00" }, { id: l, start: "14:00", end: "22:00" }, { id: n, start: "22:00", end: "06:00" }',
    ],
    [
      'a break over midnight in a night shift',
      '{ id: n, start: "22:00", end: "06:00", breaks: [{ start: "23:50", end: "00:10" }] }',
    ],
    [
      'the same hours on other days',
      '{ id: a, start: "06:00", end: "14:00", days: [mon] }, { id: b, start: "06:00", end: "14:00", days: [tue] }',
    ],
    ['one shift of 24 hours', '{ id: a, start: "06:00", end: "06:00" }'],
    ['times without quotes', '{ id: a, start: 06:00, end: 14:00 }'],
  ])('%s is right', (_, shifts) => expect(faultLines(smallSiteWith(withShifts(shifts)))).toEqual([]));

  test.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Etc/GMT+5'])('%s is a time zone', (zone) =>
    expect(faultLines(smallSiteWith(['Europe/Berlin', zone]))).toEqual([]),
  );
});
