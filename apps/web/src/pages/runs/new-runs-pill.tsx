import { Box, Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import classes from './new-runs-pill.module.css';

interface NewRunsPillProps {
  count: number;
  /** Whether there are more than `count`. */
  isMore: boolean;
  onShow: () => void;
}

/**
 * Says how many runs have arrived while the user reads further down. It floats over the list and moves
 * nothing.
 */
export function NewRunsPill({ count, isMore, onShow }: NewRunsPillProps) {
  return (
    <Box className={classes.over} role="status">
      {count > 0 && (
        <Button
          size="compact-sm"
          radius="xl"
          onClick={onShow}
          leftSection={<IconArrowUp size={14} aria-hidden />}
        >
          {isMore ? `More than ${count}` : count} new {count === 1 && !isMore ? 'run' : 'runs'}
        </Button>
      )}
    </Box>
  );
}
