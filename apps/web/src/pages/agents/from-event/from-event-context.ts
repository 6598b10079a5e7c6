import { createContext } from 'react';
import type { SampleEvent } from './filter-of.js';

/** What can be made from an event. */
export const MAKES = ['schema', 'filter', 'example'] as const;
export type Make = (typeof MAKES)[number];

export const isMake = (value: unknown): value is Make => (MAKES as readonly unknown[]).includes(value);

/** Makes something from an event for the draft on this page; undefined on other pages. */
export const FromEventContext = createContext<((make: Make, event: SampleEvent) => void) | undefined>(
  undefined,
);
