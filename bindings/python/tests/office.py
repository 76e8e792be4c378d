"""A real server for the tests: the firm of the demo's files in a fresh folder, one program on 127.0.0.1.

    office.py COMMAND...     runs a command beside such a server; the word CODE becomes an enrolment code of W101
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
ORG = "emerald-lake"
PASSWORD = "a-long-enough-password"


class Office:
    """The firm's server, until it is closed."""

    def __init__(self):
        self._program = os.environ.get("DOORSTEP_SERVER", REPOSITORY / "target/debug/doorstep-server")
        self._folder = tempfile.TemporaryDirectory(prefix="doorstep-office")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = "http://127.0.0.1:%d" % free.getsockname()[1]
        self._admin("import", str(REPOSITORY / "demo/emerald-lake"))
        for person in ("G002", "G003"):
            self._admin("user", "add", "--org", ORG, "--person", person, typed=PASSWORD + "\n")
        self._log = open(Path(self._folder.name, "server.log"), "w+", encoding="utf-8")
        self.start()
        self._desk, self._supervisor = self._sign_in("G003"), self._sign_in("G002")

    def start(self):
        """Starts the program on its folder and port."""
        listen = self.url.removeprefix("http://")
        words = ["serve", "--data", self._data, "--listen", listen, "--public-url", self.url]
        self._process = subprocess.Popen([self._program, *words], stdout=self._log, stderr=subprocess.STDOUT)
        for _ in range(200):
            if self._process.poll() is not None:
                break
            try:
                return self._ask("GET", "/healthz")
            except OSError:
                time.sleep(0.05)
        self._log.seek(0)
        raise RuntimeError(self._log.read())

    def stop(self):
        """Ends the program, as a cut connection; the folder stays."""
        self._process.kill()
        self._process.wait()

    def pause(self):
        """The program stands still: it takes connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def unpause(self):
        """And goes on."""
        self._process.send_signal(signal.SIGCONT)

    def close(self):
        """Ends all."""
        self.stop()
        self._log.close()
        self._folder.cleanup()

    def enrolment_code(self, person):
        """What the QR code on the office's screen says, for a technician's phone."""
        return self._admin("enrol-code", "--org", ORG, "--person", person).splitlines()[1]

    def supervisor_does(self, order, command):
        """The supervisor gives a command."""
        return self._ask("POST", f"/v1/orders/{order}/commands", command, self._supervisor)

    def order(self, order):
        """An order as the office has it."""
        return json.loads(self._ask("GET", f"/v1/orders/{order}", token=self._desk))

    @property
    def _data(self):
        return str(Path(self._folder.name, "server"))

    def _sign_in(self, person):
        login = {"org": ORG, "person": person, "password": PASSWORD}
        return json.loads(self._ask("POST", "/v1/login", login))["token"]

    def _admin(self, *words, typed=""):
        line = [self._program, "admin", *words, "--data", self._data, "--public-url", self.url]
        run = subprocess.run(line, input=typed, capture_output=True, text=True, encoding="utf-8", check=False)
        if run.returncode != 0:
            raise RuntimeError(f"{words}: {run.stdout} {run.stderr}")
        return run.stdout

    def _ask(self, method, path, body=None, token=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data=data, timeout=30) as answer:
            return answer.read().decode()


def main():
    office = Office()
    try:
        code = office.enrolment_code("W101")
        return subprocess.run([code if word == "CODE" else word for word in sys.argv[1:]], check=False).returncode
    finally:
        office.close()


if __name__ == "__main__":
    sys.exit(main())
