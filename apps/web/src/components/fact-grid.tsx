import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './fact-grid.module.css';

interface FactGridProps {
  /** Those without a value are left out; one that is still to come has `NO_VALUE`, and with it its place. */
  facts: Record<string, ReactNode>;
  /** Of a place at least, in CSS pixels. */
  width?: number;
}

/** Names with their values below, each in a place as wide as all others: a value that changes moves no other. */
export function FactGrid({ facts, width = 120 }: FactGridProps) {
  return (
    <Box component="dl" className={classes.grid} __vars={{ '--fact-width': `${width}px` }}>
      {Object.entries(facts).map(
        ([name, value]) =>
          value !== null &&
          value !== undefined &&
          value !== false && (
            <div key={name} className={classes.fact}>
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
