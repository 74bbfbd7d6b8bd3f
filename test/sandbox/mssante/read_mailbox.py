"""Reads a mailbox with the library of the language, and prints what it saw as JSON."""
import imaplib
import json
import ssl
import sys

given = json.loads(sys.argv[1])
context = ssl.create_default_context(cafile=given["authorities"])
context.load_cert_chain(given["certificate"], given["key"])
seen = {}
box = imaplib.IMAP4("localhost", given["port"], timeout=20)
seen["before"] = "LOGINDISABLED" in box.capabilities
box.starttls(context)
box.login(given["user"], given["password"])
seen["namespace"] = box.namespace()[0]
box.create("TRAITE")
seen["folders"] = [line.decode() for line in box.list()[1]]
seen["count"] = int(box.select("INBOX")[1][0])
seen["status"] = box.status("INBOX", "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN)")[1][0].decode()
seen["uids"] = box.uid("SEARCH", None, "ALL")[1][0].decode()
fetched = box.uid("FETCH", "1", "(RFC822.SIZE FLAGS BODY.PEEK[])")[1][0]
seen["size"] = len(fetched[1])
seen["fetched"] = fetched[0].decode()
seen["by_subject"] = box.search(None, "HEADER", "Subject", "XDM/1.0")[1][0].decode()
seen["store"] = box.uid("STORE", "1", "+FLAGS", "(\\Seen)")[1][0].decode()
seen["unseen"] = box.uid("SEARCH", None, "UNSEEN")[1][0].decode()
seen["copy"] = box.uid("COPY", "1", "TRAITE")[0]
seen["move"] = box.uid("MOVE", "2", "TRAITE")[0]
seen["left"] = box.uid("SEARCH", None, "ALL")[1][0].decode()
box.uid("STORE", "1", "+FLAGS.SILENT", "(\\Deleted)")
seen["expunged"] = box.expunge()[1][-1].decode()
seen["done"] = int(box.select("TRAITE", readonly=True)[1][0])
seen["read_only"] = box.uid("STORE", "1", "+FLAGS", "(\\Seen)")[0]
seen["logout"] = box.logout()[0]
print(json.dumps(seen))
