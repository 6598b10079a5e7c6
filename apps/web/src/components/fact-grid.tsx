import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './fact-grid.module.css';

interface FactGridProps {
  /**
   * Facts without a value are left out. A value that is still to come is `NO_VALUE`, which reserves its
   * space.
   */
  facts: Record<string, ReactNode>;
  /** Minimum width of a cell, in CSS pixels. */
  width?: number;
  /** Facts that may be long, such as names. Each takes two cells. */
  long?: readonly string[];
}

/** Labels with their values below, in cells of equal width, so that a changing value moves nothing. */
export function FactGrid({ facts, width = 120, long = [] }: FactGridProps) {
  return (
    <Box component="dl" className={classes.grid} __vars={{ '--fact-width': `${width}px` }}>
      {Object.entries(facts).map(
        ([name, value]) =>
          value !== null &&
          value !== undefined &&
          value !== false && (
            <div key={name} className={classes.fact} data-long={long.includes(name) || undefined}>
              <Text component="dt" size="xs" c="dimmed" truncate>
                {name}
              </Text>
              <Text component="dd" size="sm" fw={500} m={0} style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ),
      )}
    </Box>
  );
}
