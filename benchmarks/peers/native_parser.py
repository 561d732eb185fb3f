"""fast-mail-parser (Rust) over every mail, attachments decoded: python native_parser.py LIST; prints CPU seconds."""

import sys
import time
from pathlib import Path

from fast_mail_parser import parse_email

raws = [Path(line).read_bytes() for line in Path(sys.argv[1]).read_text().splitlines()]
parse_email(raws[0])
before = time.process_time()
size = sum(len(attachment.content) for raw in raws for attachment in parse_email(raw).attachments)
print(time.process_time() - before)
assert size
