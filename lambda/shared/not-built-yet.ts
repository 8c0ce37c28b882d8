/**
 * Thrown by a function that is deployed before its work is written, so that nothing is taken for done: its caller keeps the
 * message, tries again and sends it to the failure destination.
 */
export class NotBuiltYet extends Error {
  /** @param what what the function does not do yet, as a sentence. */
  constructor(what: string) {
    super(`${what} is not built yet; nothing was done with this event.`);
    this.name = 'NotBuiltYet';
  }
}
