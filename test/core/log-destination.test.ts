import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { forgivingDestination } from '../../core/log-destination.ts';

test('a logger outlives a disk that takes no more, and goes on when there is room again', () => {
  const written: string[] = [];
  let full = true;
  const logger = pino(
    {},
    forgivingDestination((line) => {
      if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      written.push(line);
    }),
  );
  logger.info('lost');
  full = false;
  logger.info('kept');
  expect(written.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['kept']);
});
