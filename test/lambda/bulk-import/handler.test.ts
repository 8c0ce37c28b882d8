import { expect, test } from '@jest/globals';
import { handler } from '../../../lambda/bulk-import/handler.ts';

test('says that it is not built yet, so that its messages are kept', async () => {
  await expect(handler({ Records: [] })).rejects.toMatchObject({
    name: 'NotBuiltYet',
    message: expect.stringContaining('nothing was done'),
  });
});
