"""What a script can get wrong, and what it hears: never a crash, never half an entry."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import doorstep
from doorstep import (
    BadInput,
    Bug,
    Cancel,
    ListPage,
    NotFound,
    Offline,
    OrderObserver,
    PenPoint,
    Phone,
    SignedPaper,
    SignInAgain,
    SigningAs,
    Language,
    VisitCommand,
)
from office import Office
from visit import Visit


class BadInputs(unittest.TestCase):
    """One fault each."""

    @classmethod
    def setUpClass(cls):
        cls.office = Office()
        cls.addClassCleanup(cls.office.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="doorstep-phone")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def phone(self):
        """An enrolled phone in a file of its own, closed after the test."""
        phone = Phone(self.folder / "visits.db", app_version="python-test")
        self.addCleanup(phone.close)
        phone.enrol(self.office.enrolment_code("W102"))
        phone.sync()
        return phone

    def test_every_call_after_close_is_a_bug_in_words(self):
        phone = self.phone()
        changes = phone.changes()
        phone.close()
        phone.close()
        for call in (phone.sync, phone.exported_state, lambda: list(phone.today()), lambda: phone.status):
            with self.assertRaisesRegex(Bug, "^the phone was closed$"):
                call()
        self.assertLessEqual(len(list(changes)), 1)
        phone.reopen()
        self.assertEqual(phone.status.waiting, 0)

    def test_what_cannot_be_used_is_said_in_words(self):
        with Phone(self.folder / "new.db", app_version="1") as phone:
            with self.assertRaises(BadInput):
                phone.enrol("https://example.org/")
            with self.assertRaises(SignInAgain):
                phone.sync()
            with self.assertRaises(BadInput):
                phone.order("no id")
            with self.assertRaises(NotFound):
                phone.order(phone.new_order_id())
            with self.assertRaises(BadInput):
                list(phone.today("2026-02-30"))
            with self.assertRaises(TypeError):
                phone.order(7)
            with self.assertRaises(ValueError):
                PenPoint(x=1 << 40, y=0, t_ms=0, pressure=0) and phone.sign(
                    phone.new_order_id(),
                    SignedPaper.LIABILITY(),
                    Language.EN,
                    "x",
                    SigningAs.RESIDENT(),
                    [[PenPoint(x=1 << 40, y=0, t_ms=0, pressure=0)]],
                )
        with self.assertRaises(BadInput):
            Phone(self.folder / "new.db", app_version="1", storage_key=b"short")

    def test_text_comes_back_as_it_was_or_is_refused(self):
        phone = self.phone()
        visit = Visit(phone)
        odd = "a\0b 𠮷野家 👩🏽‍🔧 \u202ertl"
        visit.register(fault=odd)
        self.assertEqual(phone.order(visit.order).intake.fault, odd)
        waiting = phone.status.waiting
        for lone in ("\ud83d", "x\udc00y"):
            with self.assertRaisesRegex(BadInput, "not Unicode text"):
                visit.record(VisitCommand.ADD_NOTE(text=lone))
            with self.assertRaisesRegex(BadInput, "not Unicode text"):
                list(phone.search(lone))
        self.assertEqual(phone.status.waiting, waiting)
        phone.sync()
        self.assertEqual(phone.status.waiting, 0)

    def test_huge_texts_and_lists_are_refused_and_a_long_list_comes_in_parts(self):
        phone = self.phone()
        visits = []
        for _ in range(3):
            visits.append(Visit(phone))
            visits[-1].register()
        waiting = phone.status.waiting
        with self.assertRaises(doorstep.DoorstepError):
            visits[0].record(VisitCommand.ADD_NOTE(text="長" * 2_000_000))
        with self.assertRaises(BadInput):
            visits[0].record(VisitCommand.ACCEPT_HANDOVER(things=[f"thing {n}" for n in range(100_000)]))
        self.assertEqual(phone.status.waiting, waiting)
        part = phone._phone.orders(doorstep.OrderFilter(), ListPage(limit=2))
        self.assertEqual(len(part.orders), 2)
        self.assertIsNotNone(part.next)
        self.assertEqual({order.order for order in phone.orders()} & {v.order for v in visits}, {v.order for v in visits})

    def test_two_processes_on_one_file_both_keep_what_they_record(self):
        phone = self.phone()
        script = (
            "import sys; sys.path.insert(0, sys.argv[2])\n"
            "from doorstep import Phone\n"
            "from visit import Visit\n"
            "with Phone(sys.argv[1], app_version='other') as phone:\n"
            "    for _ in range(5): Visit(phone).register()\n"
        )
        line = [sys.executable, "-c", script, str(self.folder / "visits.db"), str(Path(__file__).parent)]
        other = subprocess.Popen(line)
        for _ in range(5):
            Visit(phone).register()
        self.assertEqual(other.wait(60), 0)
        self.assertEqual(phone.status.waiting, 20)
        self.assertEqual(phone.sync().parked, 0)
        self.assertEqual(phone.status.waiting, 0)

    def test_a_cancelled_sync_returns_at_once_and_loses_nothing(self):
        phone = self.phone()
        Visit(phone).register()
        self.office.stop()
        with self.assertRaises(Offline):
            phone.sync()
        self.office.start()
        self.office.pause()
        try:
            cancel = Cancel()
            threading.Timer(0.2, cancel.cancel).start()
            began = time.monotonic()
            self.assertTrue(phone.sync(cancel).cancelled)
            self.assertLess(time.monotonic() - began, 5)
        finally:
            self.office.unpause()
        self.assertEqual(phone.status.waiting, 2)
        phone.sync()
        self.assertEqual(phone.status.waiting, 0)

    def test_an_observer_that_raises_hears_no_more_and_stops_nobody(self):
        phone = self.phone()
        calls = []

        class Rude(OrderObserver):
            def changed(self, state, orders, everything):
                calls.append(state)
                raise RuntimeError("not today")

        watch = phone._phone.observe(Rude())
        changes = phone.changes(timeout=5)
        next(changes)
        Visit(phone).register()
        self.assertTrue(next(changes).orders)
        self.assertEqual(len(calls), 1)
        watch.cancel()

    def test_a_module_of_another_version_does_not_load(self):
        """A copy of the package whose generated module expects other functions of the library."""
        copy = self.folder / "doorstep"
        subprocess.run(["cp", "-r", str(Path(doorstep.__file__).parent), str(copy)], check=True)
        module = copy / "_binding.py"
        text = module.read_text(encoding="utf-8")
        other = re.sub(r"(checksum_method_doorstepphone_status\(\) != )\d+", r"\g<1>7", text)
        self.assertNotEqual(text, other)
        module.write_text(other, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-c", "import doorstep"], cwd=self.folder, capture_output=True, text=True, check=False
        )
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("ImportError: the library of Doorstep is not of this package's version", run.stderr)
        (copy / "libdoorstep_ffi.so").write_bytes(b"no library")
        run = subprocess.run(
            [sys.executable, "-c", "import doorstep"], cwd=self.folder, capture_output=True, text=True, check=False
        )
        self.assertIn("ImportError: the library of Doorstep does not load", run.stderr)

    @unittest.skipUnless(hasattr(os, "geteuid") and os.geteuid() == 0, "only root makes a small disk")
    def test_a_full_disk_is_said_and_nothing_is_half_written(self):
        script = (
            "import sys; sys.path.insert(0, sys.argv[3])\n"
            "from pathlib import Path\n"
            "from doorstep import Phone, StorageFull, VisitCommand\n"
            "from visit import Visit\n"
            "disk = Path(sys.argv[1])\n"
            "with Phone(disk / 'visits.db', app_version='1') as phone:\n"
            "    phone.enrol(sys.argv[2]); phone.sync()\n"
            "    visit = Visit(phone); visit.register(); kept = 2\n"
            "    (disk / 'films').write_bytes(bytes(2_000_000))\n"
            "    try:\n"
            "        for _ in range(2000): visit.record(VisitCommand.ADD_NOTE(text='長' * 2000)); kept += 1\n"
            "        sys.exit('it never became full')\n"
            "    except StorageFull: pass\n"
            "    assert phone.status.waiting == kept, (phone.status, kept)\n"
            "    (disk / 'films').unlink()\n"
            "    visit.record(VisitCommand.ADD_NOTE(text='room again'))\n"
            "    assert phone.status.waiting == kept + 1\n"
        )
        disk = self.folder / "disk"
        disk.mkdir()
        small = 'mount -t tmpfs -o size=8m none "$1" && exec "$2" -c "$3" "$1" "$4" "$5"'
        words = [disk, sys.executable, script, self.office.enrolment_code("W101"), Path(__file__).parent]
        line = ["unshare", "--mount", "sh", "-c", small, "sh", *map(str, words)]
        run = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_a_program_that_ends_with_an_open_phone_ends_well(self):
        script = (
            "import sys, threading\n"
            "from doorstep import Phone\n"
            "phone = Phone(sys.argv[1], app_version='1')\n"
            "threading.Thread(target=lambda: [None for _ in phone.changes()], daemon=True).start()\n"
            "next(phone.changes())\n"
        )
        run = subprocess.run([sys.executable, "-c", script, str(self.folder / "x.db")], timeout=60, check=False)
        self.assertEqual(run.returncode, 0)


if __name__ == "__main__":
    unittest.main()
