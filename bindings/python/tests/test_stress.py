"""Eight threads on one phone for some seconds, or a minute with DOORSTEP_LONG set, while what the process holds is watched."""

import gc
import os
import tempfile
import threading
import time
import unittest
import weakref
from pathlib import Path

from doorstep import Language, Phone, Refused, VisitCommand, _binding
from office import Office
from visit import Visit


class Stress(unittest.TestCase):
    """Many calls at once."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="doorstep-phone")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "visits.db")

    def test_eight_threads_at_once_lose_nothing_and_leak_nothing(self):
        office = Office()
        self.addCleanup(office.close)
        seconds = 60 if os.environ.get("DOORSTEP_LONG") else 6
        with Phone(self.path, app_version="python-test") as phone:
            phone.enrol(office.enrolment_code("W102"))
            phone.sync()
            visit = Visit(phone)
            visit.register()
            began = time.monotonic()
            counted, failed = [], []

            def work(thread):
                calls = 0
                try:
                    while time.monotonic() < began + seconds:
                        self.one(phone, visit, calls, calls + thread)
                        calls += 1
                except Exception as why:
                    failed.append(why)
                counted.append(calls)

            threads = [threading.Thread(target=work, args=(thread,)) for thread in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(seconds * 0.4)
            before = resident_megabytes()
            for thread in threads:
                thread.join()
            self.assertEqual(failed, [])
            phone.sync()
            self.assertEqual(phone.status.waiting, 0)
            after = resident_megabytes()
            print(sum(counted), "calls,", before, "MB then", after, "MB")
            self.assertGreater(sum(counted), 300)
            self.assertLess(after - before, 48)
        # Every observer was let go with its loop.
        gc.collect()
        self.assertEqual(len(_binding._UniffiFfiConverterTypeOrderObserver._handle_map._map), 0)

    def one(self, phone, visit, calls, kind):
        """One call of some kind."""
        if kind % 8 == 0 and calls % 64 == 0:
            visit.record(VisitCommand.ADD_NOTE(text=f"note {calls}"))
        elif kind % 8 == 1 and calls % 128 == 1:
            phone.sync()
        elif kind % 8 == 2:
            with self.assertRaises(Refused):
                visit.record(VisitCommand.START_WORK())
        elif kind % 8 == 3:
            changes = phone.changes(timeout=10)
            next(changes)
            changes.close()
        elif kind % 8 == 4:
            list(phone.search("漏水"))
        elif kind % 8 == 5:
            phone.status
        elif kind % 8 == 6:
            list(phone.today())
        else:
            phone.order(visit.order, Language.ZH_HANT)

    def test_phones_that_are_let_go_are_gone(self):
        for _ in range(50):
            phone = Phone(self.path, app_version="python-test")
            next(phone.changes(timeout=10))
            left = weakref.ref(phone)
            del phone
        gc.collect()
        self.assertIsNone(left())


def resident_megabytes():
    """What this process has in memory now."""
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


if __name__ == "__main__":
    unittest.main()
