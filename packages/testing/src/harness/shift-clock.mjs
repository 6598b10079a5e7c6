// Shifts the clock of a Node process: `node --import shift-clock.mjs?ms=-20000`.
const ms = Number(new URL(import.meta.url).searchParams.get('ms'));
const Unshifted = Date;
globalThis.Date = class extends Unshifted {
  constructor(...args) {
    if (args.length === 0) super(Unshifted.now() + ms);
    else super(...args);
  }
  static now() {
    return Unshifted.now() + ms;
  }
};
