import { describe, expect, test } from '@jest/globals';
import { MINUTE_MS, MinuteBook, minuteEndOf } from '../../../core/telemetry/ticks.ts';
import { Timeline } from '../../../core/telemetry/timeline.ts';

const ONE_PART = { produced: 1, rejected: 0, idealSeconds: 0.5, goodSeconds: 0.5 };

describe('the minutes that are not yet written', () => {
  test('a time on the minute belongs to the minute that ends', () => {
    expect(minuteEndOf(MINUTE_MS)).toBe(MINUTE_MS);
    expect(minuteEndOf(MINUTE_MS + 1)).toBe(2 * MINUTE_MS);
  });

  test('a part of a written minute is late and counts in the next one', () => {
    const book = new MinuteBook(0);
    book.decide(MINUTE_MS);
    expect(book.close(MINUTE_MS + 1500, 1500)).toHaveLength(1);
    expect(book.add(MINUTE_MS, ONE_PART)).toBe(false);
    expect(book.add(MINUTE_MS + 1, ONE_PART)).toBe(true);
    expect(book.running()).toMatchObject({ endMs: 2 * MINUTE_MS, tick: { produced: 2, 'ideal-s': 1 } });
  });

  test('a minute in which no gateway ran is left out only if nothing at all is known of it', () => {
    const silent = (prepare: (book: MinuteBook) => void) => {
      const book = new MinuteBook(0);
      book.unwatched(0, 3 * MINUTE_MS);
      prepare(book);
      book.decide(4 * MINUTE_MS);
      return book.close(5 * MINUTE_MS, 0).map(({ endMs }) => endMs / MINUTE_MS);
    };
    expect(silent(() => undefined)).toEqual([4]);
    expect(silent((book) => book.add(1.5 * MINUTE_MS, ONE_PART))).toEqual([2, 4]);
    expect(
      silent((book) => {
        book.change(0, 'run');
        book.change(MINUTE_MS, 'unknown');
      }),
    ).toEqual([1, 4]);
  });

  test('a year without a gateway is skipped in one go', () => {
    const year = 365 * 1440 * MINUTE_MS;
    const book = new MinuteBook(0);
    book.unwatched(0, year);
    book.decide(year + MINUTE_MS);
    expect(book.close(year + 2 * MINUTE_MS, 0).map(({ endMs }) => endMs)).toEqual([year + MINUTE_MS]);
  });
});

describe('a timeline', () => {
  test('a later word on the same moment replaces the earlier one, and what was assumed after it', () => {
    const timeline = new Timeline([{ fromMs: 0, category: 'run' }]);
    timeline.change(100, 'down');
    timeline.change(200, 'run');
    timeline.change(100, 'planned');
    expect(timeline.between(0, 300)).toEqual({ run: 100, down: 0, planned: 200, unknown: 0 });
    expect(timeline.save()).toHaveLength(2);
  });

  test('the time before it begins is unknown', () => {
    const timeline = new Timeline([{ fromMs: 100, category: 'run' }]);
    expect(timeline.between(0, 150)).toEqual({ run: 50, down: 0, planned: 0, unknown: 100 });
    expect(timeline.at(99)).toBe('unknown');
  });
});
