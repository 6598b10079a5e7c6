import type { Conversation, ConversationDetail } from '@agenthook/contracts';
import { agent } from './agents.js';
import { taskId, taskSummary } from './tasks.js';

export const conversation: Conversation = {
  id: 'cnv_5e4b1a6f0c9d8e7f6a5b4c3d2e1f0a9b8c',
  agent_id: agent.id,
  key: 'ticket-4711',
  is_test: false,
  events: 1,
  open_tasks: 0,
  created_at: '2026-01-31T12:00:00.000Z',
  updated_at: '2026-01-31T12:00:00.000Z',
  expires_at: '2026-02-07T12:00:02.504Z',
};

export const conversationDetail: ConversationDetail = {
  ...conversation,
  turns: [
    {
      task_id: taskId,
      at: '2026-01-31T12:00:02.504Z',
      user: 'Question: The printer hums. What now?',
      tool_calls: [],
      answer: 'Switch it off, wait ten seconds, and switch it on again.',
    },
  ],
  tasks: [{ ...taskSummary, conversation_id: conversation.id }],
};
