# Reads mails (JSON list of base64 on standard input) with Python's email package and says what they are, as JSON.
import base64, email, email.policy, hashlib, json, sys


def described(part):
    content = part.get_payload(decode=True)
    return {
        'type': part.get_content_type(),
        'params': dict(part['content-type'].params) if part['content-type'] else {},
        'disposition': part.get_content_disposition(),
        'name': part.get_filename(),
        'encoding': str(part['content-transfer-encoding'] or ''),
        'sha256': None if content is None else hashlib.sha256(content).hexdigest(),
        'text': part.get_content() if part.get_content_type() == 'text/plain' else None,
    }


def read(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    defects = [type(one).__name__ for part in mail.walk() for one in part.defects]
    defects += [type(one).__name__ for value in mail.values() for one in getattr(value, 'defects', [])]
    return {
        'headers': [[name, str(value)] for name, value in mail.items()],
        'type': mail.get_content_type(),
        'reportType': mail['content-type'].params.get('report-type'),
        'parts': [described(part) for part in mail.iter_parts()],
        'defects': defects,
    }


mails = [base64.b64decode(one) for one in json.load(sys.stdin)]
json.dump([read(one) for one in mails], sys.stdout)
