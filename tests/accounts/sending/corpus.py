"""URLs by which a webhook would reach inside, in every spelling that some parser or resolver takes for an address."""

from __future__ import annotations

# Each is given the port of a live listener on this machine where it holds PORT; none may reach it, nor anything else.
SPELLINGS = (
    # this machine, plainly
    "http://127.0.0.1:PORT/", "https://127.0.0.1:PORT/", "https://127.0.0.1/", "https://127.0.0.1:443/",
    "https://127.0.0.1:8443/", "https://localhost/", "https://localhost:8443/", "https://localhost.:443/",
    "https://LOCALHOST/", "https://LocalHost.LocalDomain/", "https://foo.localhost/", "https://[::1]/",
    "https://[::1]:8443/", "https://[0:0:0:0:0:0:0:1]/", "https://[0000::0001]/", "https://0/", "https://0.0.0.0/",
    "https://0.0.0.0:8443/", "https://[::]/", "https://127.1/", "https://127.0.1/", "https://127.127.127.127/",
    "https://127.255.255.254/",
    # numbers
    "https://2130706433/", "https://2130706433:8443/", "https://0x7f000001/", "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/", "https://0177.0000.0000.0001/", "https://017700000001/", "https://127.0x1/",
    "https://00000127.0.0.1/", "https://127.0.0.01/", "https://127.0.0.1.:8443/", "https://127.0.0.1../",
    "https://0x7f.1/", "https://0b1111111.0.0.1/", "https://4294967296/", "https://256.0.0.1/", "https://127.0.0.1e0/",
    "https://1/", "https://-1/", "https://127.0.0.0x1/", "https://0xA9FEA9FE/", "https://2852039166/",
    "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://169.16689662/",
    # wrapped in IPv6
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::ffff:169.254.169.254]/",
    "https://[::127.0.0.1]/", "https://[::7f00:1]/", "https://[64:ff9b::127.0.0.1]/", "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:7f00:1::]/", "https://[2001:0::1]/", "https://[::ffff:0:127.0.0.1]/", "https://[0:0:0:0:0:ffff:7f00:1]/",
    "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://[fc00::1]/",
    "https://[fd00:ec2::254]/", "https://[fec0::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/",
    "https://[3fff::1]/", "https://[5f00::1]/", "https://[100::1]/", "https://[2001:10::1]/", "https://[2001:20::1]/",
    "https://[2620:4f:8000::1]/", "https://[::1%25lo]/", "https://[::1", "https://::1/", "https://[127.0.0.1]/",
    # networks that are not the internet
    "https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/", "https://172.31.255.254/",
    "https://192.168.0.1/", "https://192.168.1.1:8443/", "https://169.254.169.254/", "https://169.254.170.2/",
    "https://169.254.169.253/", "https://100.64.0.1/", "https://100.100.100.200/", "https://100.127.255.254/",
    "https://192.0.0.1/", "https://192.0.0.170/", "https://192.0.0.192/", "https://192.0.2.1/", "https://198.18.0.1/",
    "https://198.19.255.254/", "https://198.51.100.1/", "https://203.0.113.1/", "https://224.0.0.1/",
    "https://239.255.255.255/", "https://240.0.0.1/", "https://255.255.255.255/", "https://168.63.129.16/",
    "https://192.88.99.1/", "https://192.31.196.1/", "https://192.52.193.1/", "https://192.175.48.1/",
    # names of the inside
    "https://metadata.google.internal/", "https://instance-data.ec2.internal/", "https://printer.local/",
    "https://router.lan/", "https://nas.home/", "https://intranet/", "https://metadata/", "https://kubernetes.default.svc.local/",
    "https://x.corp/", "https://1.0.0.127.in-addr.arpa/", "https://something.onion/", "https://db.test/",
    # who is who in a URL
    "https://example.com@127.0.0.1/", "https://127.0.0.1:443@example.com/", "https://user:pass@127.0.0.1:PORT/",
    "https://example.com:443@127.0.0.1:PORT/", "https://a@b@127.0.0.1/", "https://127.0.0.1:PORT#@example.com/",
    "https://127.0.0.1:PORT?@example.com/", "https://127.0.0.1:PORT\\@example.com/", "https:\\\\127.0.0.1:PORT\\",
    "https:/127.0.0.1:PORT/", "https:127.0.0.1:PORT", "https:///127.0.0.1:PORT/", "//127.0.0.1:PORT/", "127.0.0.1:PORT",
    "https://127.0.0.1:PORT:80/", "https://127.0.0.1:0/", "https://127.0.0.1:65536/", "https://127.0.0.1:PORTx/",
    "https://127.0.0.1:-1/", "https://127.0.0.1: PORT/", "https://:443/", "https://", "https://.", "https://..", "https://./",
    # other schemes
    "http://example.com/", "HTTP://127.0.0.1:PORT/", "ftp://127.0.0.1:PORT/", "file:///etc/passwd", "gopher://127.0.0.1:PORT/_",
    "dict://127.0.0.1:PORT/", "ldap://127.0.0.1:PORT/", "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fx/",
    "javascript:alert(1)", "data:text/plain,x", "jar:https://127.0.0.1!/", "ws://127.0.0.1:PORT/", "view-source:https://127.0.0.1/",
    # letters that are not what they look like
    "https://\N{FULLWIDTH DIGIT ONE}27.0.0.1/", "https://127\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}0.1/",
    "https://\N{CIRCLED DIGIT ONE}\N{CIRCLED DIGIT TWO}\N{CIRCLED DIGIT SEVEN}.0.0.1/",
    "https://127.0.0.1\N{FULLWIDTH SOLIDUS}@example.com/", "https://loc\N{ZERO WIDTH SPACE}alhost/",
    "https://\N{MATHEMATICAL BOLD SMALL L}ocalhost/", "https://localhos\N{FULLWIDTH LATIN SMALL LETTER T}/",
    "https://%31%32%37.0.0.1/", "https://127.0.0.1%00.example.com/", "https://127.0.0.1%2eexample.com/",
    "https://127.0.0.1%0d%0aHost:%20x/", "https://127.0.0.1\r\nHost: x/", "https://127.0.0.1\t/", " https://127.0.0.1/",
    "https://127.0.0.1/ ", "https://exa\x00mple.com/", "https://exa mple.com/", "https://example.com\n.127.0.0.1/",
    "\thttps://127.0.0.1:PORT/", "https://\u200e127.0.0.1/", "https://xn--/", "https://-a.example.com/",
    "https://a..example.com/", f"https://{'a' * 64}.example.com/", f"https://example.com/{'a' * 500}", "",
    # other ports
    "https://example.com:22/", "https://example.com:25/", "https://example.com:5432/", "https://example.com:6379/",
    "https://example.com:PORT/", "https://example.com:80/",
)  # fmt: skip

# What a resolver may answer for an innocent name.
ANSWERS = (
    ["127.0.0.1"], ["::1"], ["10.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
    ["93.184.215.14", "127.0.0.1"], ["127.0.0.1", "93.184.215.14"], ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::1"],
    ["93.184.215.14", "fd00::1"], ["fe80::1%lo"], ["0.0.0.0"], ["2002:7f00:1::1"], ["100.64.0.1"], ["not an address"],
    [],
)  # fmt: skip
