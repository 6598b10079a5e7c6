// Shifts the clock of a Node process: `node --import shift-clock.mjs?ms=-20000`. With `?file=PATH`, by what
// the file contains at the moment, in seconds as libfaketime has it: `+3600s`.
import { readFileSync } from 'node:fs';

const LOOK_MS = 200;
const query = new URL(import.meta.url).searchParams;
const file = query.get('file');
let ms = Number(query.get('ms'));
const look = () => {
  ms = Number.parseFloat(readFileSync(file, 'utf8')) * 1000;
};
if (file !== null) {
  look();
  setInterval(look, LOOK_MS).unref();
}
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
