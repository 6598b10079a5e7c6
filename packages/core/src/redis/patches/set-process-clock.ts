/**
 * Makes `Date.now()` of this process return `now()`. BullMQ stamps jobs with `Date.now()`, and by it decides
 * which results have expired, which delayed jobs are due and when to renew locks. It accepts no clock and
 * expects synchronised ones (https://github.com/OptimalBits/bull/issues/1288), so a machine whose clock is a
 * week ahead would delete every result. Only the entry of a process calls this.
 */
export function setProcessClock(now: () => number): void {
  Date.now = now;
}
