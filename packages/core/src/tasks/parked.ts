export { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from '../queue/parked.js';
