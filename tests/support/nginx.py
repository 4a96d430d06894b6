# SPDX-License-Identifier: EUPL-1.2
"""nginx before an API, as deploy/nginx/tillit.conf says, with nothing changed but names and where things are."""
import os
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "deploy/nginx/tillit.conf"


def certificate(folder, *names):
    """All names' own, and the file by which it is trusted."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", f"/CN={names[0]}",
                    "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names), "-keyout", folder / "key", "-out", folder / "pem"], check=True, capture_output=True)


def filled(folder, places):
    text = SHIPPED.read_text()
    for word, own in places.items():
        assert word in text, f"the configuration has no {word}"
        text = text.replace(word, own)
    (folder / "tillit.conf").write_text(text)
    ways = "".join(f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    # What stands around it is what Debian's own nginx.conf says.
    (folder / "nginx.conf").write_text(f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;\nevents {{ }}\n"
                                       f"http {{ access_log off; gzip on; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; {ways} include {folder}/tillit.conf; }}\n")


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def standing(folder, public, internal, plain, port, staff, name="soknad.example.no", staff_name="tillit.example.no"):
    """Before an API with these two listeners (host:port), on three ports of loopback; gives what trusts it."""
    folder.mkdir(exist_ok=True)
    certificate(folder, name, staff_name)
    filled(folder, {"listen 80;": f"listen {plain};", "listen 443 ": f"listen {port} ", "listen 10.0.0.5:443 ": f"listen 127.0.0.1:{staff} ", "127.0.0.1:8080": public, "127.0.0.1:8081": internal,
                    "/etc/tillit/soknad.pem": f"{folder}/pem", "/etc/tillit/soknad.key": f"{folder}/key", "/etc/tillit/tillit.pem": f"{folder}/pem", "/etc/tillit/tillit.key": f"{folder}/key",
                    "/var/log/nginx": str(folder), "soknad.example.no": name, "tillit.example.no": staff_name})
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    with subprocess.Popen([nginx, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "log"]) as process:
        try:
            deadline = time.monotonic() + 20
            while not listens(port):
                assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.05)
            yield ssl.create_default_context(cafile=folder / "pem")
        finally:
            process.terminate()
