/** Why a request cannot be built of its templates, in the words of the one who reads it. */
export interface RequestWords {
  urlTooLong: string;
  noHost: string;
  otherHost: string;
  emptyPart: string;
  badHeader: (name: string) => string;
  badJson: string;
}

/** For a model, which gave the arguments. */
export const TOOL_WORDS: RequestWords = {
  urlTooLong: 'With these arguments the URL is too long.',
  noHost: 'The url of this tool must contain its host in the template itself, not in args or payload.',
  otherHost: 'Refused: with these arguments the request would go to another host.',
  emptyPart: 'Part of the URL is empty: give all arguments for it.',
  badHeader: (name) => `The header ${name} cannot contain these argument values.`,
  badJson: 'With these arguments the body is not valid JSON. Give all arguments, with the right types.',
};

/** For the owner of an agent, who reads it in the log of a destination. */
export const DESTINATION_WORDS: RequestWords = {
  urlTooLong: 'With the values of this task the URL is too long.',
  noHost: 'The url of this destination must contain its host in the template itself, not in payload.',
  otherHost: 'Refused: with the values of this task the request would go to another host.',
  emptyPart: 'Part of the URL is empty: this task has no value for it.',
  badHeader: (name) => `The header ${name} cannot contain the values of this task.`,
  badJson: 'With the values of this task the body is not valid JSON. Give each value with the filter json.',
};
