import { useMemo } from 'react';
import { piecesOf } from './hidden-characters.js';
import classes from './outside-text.module.css';

/**
 * Text from outside, such as a payload, an answer or an error. It has its own direction and cannot reorder
 * the text next to it, and characters that cannot be seen are shown as their code points.
 */
export function OutsideText({ text }: { text: string }) {
  const pieces = useMemo(() => piecesOf(text), [text]);
  return (
    <bdi dir="auto">
      {pieces.map((piece, index) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
          <mark key={index} className={classes.hidden} title={piece.name}>
            {piece.code}
          </mark>
        ),
      )}
    </bdi>
  );
}
