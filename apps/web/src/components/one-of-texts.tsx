import classes from './one-of-texts.module.css';

interface OneOfTextsProps {
  shown: string;
  /** All that may be shown here. */
  texts: readonly string[];
}

/** A text that changes while a page is open. It has the room of the longest in any font, so nothing around it moves. */
export function OneOfTexts({ shown, texts }: OneOfTextsProps) {
  const [longest] = [...texts].sort((a, b) => b.length - a.length);
  return (
    <span className={classes.texts} data-longest={longest}>
      <span className={classes.text}>{shown}</span>
    </span>
  );
}
