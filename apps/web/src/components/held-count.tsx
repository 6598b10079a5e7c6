import { Box, Button } from '@mantine/core';

interface HeldCountProps {
  held: number;
  onShow: () => void;
}

/** Says how many new rows a paused list holds back, and shows them on request. */
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
