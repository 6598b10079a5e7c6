export { createPrices, type PriceOf } from './find-price.js';
export { costOf, Price, PriceFile } from './price.js';
export { PRICES_AS_OF } from './price-list.js';
export { sumTokens, type TokenCounts, tokensOf } from './tokens.js';
