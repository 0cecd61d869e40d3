"""The receiver of otlp-sink.sh: otlp-sink.py DIR PORT"""

import http.server
import os
import sys

from google.protobuf.json_format import MessageToJson, Parse
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)

FOLDER, PORT = sys.argv[1], int(sys.argv[2])


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = os.path.join(FOLDER, "answer")
        status = int(open(answer).read()) if os.path.exists(answer) else None
        response = ExportLogsServiceResponse()
        if self.path != "/v1/logs" or self.headers["content-type"] != "application/json":
            status = 404
        elif status in (None, 200):
            self.keep(Parse(body, ExportLogsServiceRequest()), status == 200, response)
        text = MessageToJson(response).encode()
        self.send_response(status or 200)
        if status in (429, 503):
            self.send_header("retry-after", "1")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def keep(self, request, leaves_first_out, response):
        scopes = (scope for resource in request.resource_logs for scope in resource.scope_logs)
        records = [record.body.string_value for scope in scopes for record in scope.log_records]
        if leaves_first_out:
            records = records[1:]
            response.partial_success.rejected_log_records = 1
            response.partial_success.error_message = "one too many"
        # One write, so that a receiver that is stopped leaves no half of a line.
        file = os.open(os.path.join(FOLDER, "records"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, "".join(record + "\n" for record in records).encode())
        os.close(file)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
