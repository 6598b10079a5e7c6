# Asks for today's report. Needs WEBHOOK_URL. In a crontab:
#   15 2 * * *  WEBHOOK_URL=https://hooks.example.com/api/webhooks/agents/whk_… sh /opt/agenthook/send.sh
set -eu
TODAY=$(date +%F)
# The date is the key: however often this runs in a day, there is one report.
curl -fsS --retry 5 --retry-connrefused "$WEBHOOK_URL" -H "Idempotency-Key: report-$TODAY" \
  -H 'Content-Type: application/json' \
  -d '{"date": "'"$TODAY"'", "status_page": "https://status.example.com/", "release_notes": "https://www.example.com/releases"}'
