/**
 * A fault that only a person can mend, as clear sentences without a stack trace: a wrong site file, a port taken, a folder not writable.
 * Whatever runs the program prints the message and ends with a code other than 0.
 */
export class UserFault extends Error {
  override name = 'UserFault';
}
