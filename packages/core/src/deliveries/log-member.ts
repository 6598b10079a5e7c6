/** How many hex digits of a member of a delivery log are the time of its creation, in ms. */
export const TIME_DIGITS = 12;

/** What an agent's delivery log has for a delivery: members sort by the time of their creation. */
export const memberOf = (id: string, createdMs: number): string =>
  createdMs.toString(16).padStart(TIME_DIGITS, '0') + id;

/** The id of the delivery that a member of the log is for. */
export const deliveryIdOf = (member: string): string => member.slice(TIME_DIGITS);
