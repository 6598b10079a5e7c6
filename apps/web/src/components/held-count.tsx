import { Box, Button } from '@mantine/core';

interface HeldCountProps {
  held: number;
  onShow: () => void;
}

/** Says how many rows have come to a list that does not move just now, and has them come in. */
export function HeldCount({ held, onShow }: HeldCountProps) {
  return (
    <Box role="status" mih={22}>
      {held > 0 && (
        <Button size="compact-xs" radius="xl" onClick={onShow}>
          {held} new
        </Button>
      )}
    </Box>
  );
}
