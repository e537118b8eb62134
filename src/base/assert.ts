/** The check for our own bugs: always on, and never caught or shown as a user's mistake. */

/** Thrown by `assert`; seeing one means the program is wrong, not its input. */
export class AssertionFailure extends Error {
  override readonly name: string = 'AssertionFailure';
}

/** Throws `AssertionFailure` unless the condition holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}
