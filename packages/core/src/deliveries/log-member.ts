/** How many hex digits at the start of a log member are the creation time, in ms. */
export const TIME_DIGITS = 12;

/** A delivery's member in its agent's log. Members sort by creation time. */
export const memberOf = (id: string, createdMs: number): string =>
  createdMs.toString(16).padStart(TIME_DIGITS, '0') + id;

/** The delivery id in a log member. */
export const deliveryIdOf = (member: string): string => member.slice(TIME_DIGITS);

/** When the delivery of a log member was created, in ms since the epoch. */
export const createdMsOf = (member: string): number => Number.parseInt(member.slice(0, TIME_DIGITS), 16);

const MEMBER = new RegExp(`^[0-9a-f]{${TIME_DIGITS}}(?:cb|nt)-[0-9a-z-]{32,70}$`);

/** Whether a text is a log member. */
export const isMember = (text: string): boolean => MEMBER.test(text);
