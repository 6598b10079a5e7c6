# The webhook URL that `npm start` prints.
WEBHOOK_URL=${WEBHOOK_URL:-http://localhost:7091/api/webhooks/agents/YOUR_TOKEN}

task_id=$(curl -fsS "$WEBHOOK_URL" \
  -H 'Content-Type: application/json' \
  -d '{"question": "My printer does not print. What now?"}' | grep -o '[0-9a-f-]\{36\}')

while [ -n "$task_id" ]; do
  task=$(curl -fsS "${WEBHOOK_URL%/webhooks/*}/task_status?task_id=$task_id") || break
  case $task in *'"status":"SUCCESS"'* | *'"status":"FAILURE"'*) echo "$task" && break ;; esac
  sleep 2
done
