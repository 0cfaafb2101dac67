/** Something could not be done: a file that is not there, an application that does not load. */
export const FAILED = 1

/** The command was called in a way that makes no sense. */
export const MISUSED = 2

/** `diff --check` found that requests became slower. */
export const SLOWER = 3

/** What the user can change, told in a line without a stack. */
export class UserError extends Error {}
