/** An error whose message is all that the user needs. Printed on one line, without a stack trace. */
export class UserError extends Error {
  override name = 'UserError';
}
