"""A paid repair through the installed wheel against a real server: opened on site, offline, to the signed sheet."""

import tempfile
import threading
import unittest
from pathlib import Path

from doorstep import (
    Bug,
    CommandName,
    Language,
    OrderStatus,
    Phone,
    PrintedPaper,
    Refused,
    RefusalReason,
    SheetCopy,
    VisitCommand,
)
from office import Office
from visit import Visit, yuan


class PaidRepair(unittest.TestCase):
    """The whole visit."""

    @classmethod
    def setUpClass(cls):
        cls.office = Office()
        cls.addClassCleanup(cls.office.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="doorstep-phone")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "visits.db")

    def test_a_paid_repair_offline_then_synced_and_approved(self):
        with Phone(self.path, app_version="python-test") as phone:
            phone.enrol(self.office.enrolment_code("W101"))
            phone.sync()
            heard = []
            reader = threading.Thread(target=lambda: heard.extend(phone.changes()))
            reader.start()

            # From here to the sync, nothing touches the network.
            visit = Visit(phone)
            visit.play_until_quoted()

            # R66 says why the work may not begin, in the technician's language.
            with self.assertRaises(Refused) as refused:
                visit.record(VisitCommand.START_WORK())
            no = refused.exception
            self.assertEqual((no.rule, no.source_clause), (66, "F0/1.3"))
            self.assertEqual(no.reason, RefusalReason.CONSENT_MISSING)
            self.assertIn("同意", no.text(Language.ZH_HANT))
            self.assertEqual(str(no), no.text(Language.EN))
            page = phone.order(visit.order, Language.ZH_HANS)
            button = next(action for action in page.actions if action.command == CommandName.START_WORK)
            self.assertFalse(button.allowed)
            self.assertIn("收费", button.why_not)

            technician = visit.play_to_the_end()
            self.assertEqual(phone.order(visit.order).fee, yuan(13000))
            self.assertGreater(phone.status.waiting, 20)
            sheet = phone.sheet(visit.order, PrintedPaper.SERVICE(), SheetCopy.RESIDENT, Language.ZH_HANT)
            self.assertIn("¥130.00", sheet)
            self.assertEqual([found.order for found in phone.search("0100")], [visit.order])

            report = phone.sync()
            self.assertEqual((report.requests, report.parked, phone.status.waiting), (1, 0, 0))
            waiting = phone.photos_kept.waiting
            self.assertGreater(waiting, 0)
            self.assertEqual(phone.send_photos(is_wifi=True).verified, waiting)
            on_server = self.office.order(visit.order)
            self.assertEqual(on_server["status"], "signed_off")
            self.assertIn(technician.document_sha256(), str(on_server))

            # The supervisor's approval comes back with the next sync.
            self.office.supervisor_does(visit.order, {"approve": {"note": "資料齊全"}})
            phone.sync()
            self.assertEqual(phone.order(visit.order).status, OrderStatus.APPROVED)

        # Closing ends the iterator, and what came last was heard.
        reader.join(10)
        self.assertFalse(reader.is_alive())
        self.assertEqual(heard[-1].state.waiting, 0)
        self.assertTrue(heard[0].everything or heard[0].state is not None)
        with self.assertRaisesRegex(Bug, "the phone was closed"):
            phone.status

        # What was recorded is there when the file is opened again.
        with Phone(self.path, app_version="python-test") as again:
            self.assertFalse(again.opened_as.is_fresh)
            self.assertEqual(again.enrolled_as.person, "W101")
            self.assertEqual(again.order(visit.order).status, OrderStatus.APPROVED)


if __name__ == "__main__":
    unittest.main()
