/** How bad a finding is. `info` needs nothing done. */
type Level = 'ok' | 'info' | 'warning' | 'error';

/** One thing that a check has found. */
export interface Finding {
  /** What was checked, as a stable word. */
  check: string;
  level: Level;
  /** What is the case, in one or two sentences. */
  message: string;
  /** What to do about it; null if nothing. */
  action: string | null;
}

/** The findings of one check. */
export interface Findings {
  ok(message: string): Finding;
  info(message: string, action?: string): Finding;
  warning(message: string, action: string): Finding;
  error(message: string, action: string): Finding;
}

/** Makes the findings of the named check. */
export function findingsOf(check: string): Findings {
  const make = (level: Level, message: string, action: string | null): Finding => ({
    check,
    level,
    message,
    action,
  });
  return {
    ok: (message) => make('ok', message, null),
    info: (message, action) => make('info', message, action ?? null),
    warning: (message, action) => make('warning', message, action),
    error: (message, action) => make('error', message, action),
  };
}

/** Bytes for people, with a unit. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${units[power]}`;
}

/** A few names for people; the rest is counted. */
export function someOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
