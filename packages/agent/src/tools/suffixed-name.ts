/** The longest tool name that model providers accept, in characters. */
const LONGEST = 64;

/** The name of one of several tools that a configured tool opens as: `notes` and `save` give `notes_save`. */
export const suffixedName = (name: string, suffix: string): string =>
  `${name.slice(0, LONGEST - suffix.length - 1)}_${suffix}`;
