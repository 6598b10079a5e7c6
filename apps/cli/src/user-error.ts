/** A failure whose message is all that the user needs: printed as one line, without a stack. */
export class UserError extends Error {
  override name = 'UserError';
}
