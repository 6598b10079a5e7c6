import { ExactNumber, fitsDouble } from '@agenthook/json';
import { Tokenizer } from 'liquidjs';

/** The literals that are also JSON; LiquidJS reads more. */
const JSON_DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Lets number literals of templates keep their digits, so that `{% if payload.id == 9007199254740993 %}` is
 * true for this number alone. LiquidJS offers no option for it; `readNumber` is part of its public Tokenizer,
 * and `content` is what a literal evaluates to.
 */
export function keepDigitsOfLiterals(): void {
  const { readNumber } = Tokenizer.prototype;
  Tokenizer.prototype.readNumber = function readExactNumber() {
    const token = readNumber.call(this);
    const text = token?.getText() ?? '';
    if (token && text.length > 15 && JSON_DECIMAL.test(text) && !fitsDouble(text))
      Object.assign(token, { content: new ExactNumber(text) });
    return token;
  };
}
