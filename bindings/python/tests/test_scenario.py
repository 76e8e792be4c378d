"""The scenarios every language plays, through the installed wheel: all end in the same exported state, byte for byte."""

import json
import tempfile
import unittest

from office import REPOSITORY
from scenario import Driver, Stage


class Scenarios(unittest.TestCase):
    """Every file in tests/scenarios."""

    def test_every_scenario_ends_in_the_expected_state(self):
        files = sorted((REPOSITORY / "tests/scenarios").glob("*.json"))
        self.assertTrue(files)
        for file in files:
            with self.subTest(file.name), tempfile.TemporaryDirectory() as folder:
                stage = Stage()
                self.addCleanup(stage.close)
                driver = Driver(stage, folder)
                self.addCleanup(driver.close)
                state = driver.play(json.loads(file.read_text(encoding="utf-8")))
                expected = file.with_suffix(".expected.jsonl").read_bytes()
                self.assertEqual(state.decode(), expected.decode())


if __name__ == "__main__":
    unittest.main()
