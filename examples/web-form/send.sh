# Sends a form as a browser does. Needs WEBHOOK_URL.
set -eu
curl -fsS "$WEBHOOK_URL" -H "Idempotency-Key: $(openssl rand -hex 16)" \
  --data-urlencode 'name=Ada' --data-urlencode 'email=ada@example.com' \
  --data-urlencode 'message=Do you print on wood, too?'
