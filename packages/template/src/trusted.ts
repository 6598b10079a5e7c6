import { Drop } from 'liquidjs';

/**
 * A text from the installation itself, not from outside, so it needs no fence. Any filter turns it into a
 * plain text.
 */
export class Trusted extends Drop {
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override valueOf(): string {
    return this.#text;
  }
  override toString(): string {
    return this.#text;
  }
}
