<?php
// On PHP's own server, which ends a stream by closing the connection.
$history = array_map('json_decode', file(getenv('EVENTS')));
$lastEventId = $_SERVER['HTTP_LAST_EVENT_ID'] ?? '';
$first = $lastEventId === '' ? 0 : array_search($lastEventId, array_column($history, 'id'), true) + 1;

header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');
while (ob_get_level() > 0) {
    ob_end_flush();
}

foreach (array_slice($history, $first) as $event) {
    echo "id: $event->id\nevent: $event->type\n";
    foreach (explode("\n", $event->data) as $line) {
        echo "data: $line\n";
    }
    echo "\n";
    flush();
}

// PHP ends the script when it writes to a client that has gone.
while (true) {
    sleep(1);
    echo ":\n\n";
    flush();
}
