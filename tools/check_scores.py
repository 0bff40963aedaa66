#!/usr/bin/env python3
"""Prints how well the strength of a score separates things that are in samples/ from things that are not (docs/search-scores.md):
tools/check_scores.py build/release/clipseek"""
import collections
import json
import os
import subprocess
import sys
import tempfile

PRESENT = ("a rocket", "an elephant", "a cat", "a dog", "a bicycle", "a bar chart", "a map", "a maze", "a snowman", "a pizza", "an owl", "a robot",
         "a sailboat", "a flag", "a landscape", "three balloons", "two penguins", "a yellow star", "a page of text", "an umbrella")
ABSENT = ("a wedding", "sushi", "quantum mechanics", "a giraffe", "a toothbrush", "a volcano", "a tent", "a dentist", "a zebra", "scissors",
             "a spider web", "a microscope", "a pineapple", "an escalator", "a bathtub", "a trumpet", "a wolf", "a peacock", "a lobster", "a sewing kit")


def best(program, database, sentence):
    done = subprocess.run([program, "search", "--db", database, "--json", "-k", "1", sentence], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True, text=True)
    return json.loads(done.stdout)


def main():
    program = os.path.abspath(sys.argv[1])
    samples = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "samples")
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "clip.db")
        subprocess.run([program, "index", "--db", database, samples], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        for title, sentences in (("present", PRESENT), ("absent", ABSENT)):
            hits = {sentence: best(program, database, sentence) for sentence in sentences}
            print(title, dict(collections.Counter(hit["strength"] for hit in hits.values())))
            for sentence, hit in hits.items():
                print(f"  {hit['strength']:6} {hit['score']:.3f} {sentence}: {os.path.basename(hit['path'])}")


if __name__ == "__main__":
    main()
