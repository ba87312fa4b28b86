use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

/// Owns one server process and its folder through a small shell script, which stops the server and deletes the
/// folder as soon as the pipe to it closes. The kernel closes the pipe however this process ends, so that nothing
/// stays behind after a panic, an abort or `SIGKILL` either.
#[derive(Debug)]
pub(crate) struct Keeper {
    script: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Keeper {
    /// Makes a folder in `base`. Where this process is root, what the keeper runs is run as `user`.
    /// `stop` is the signal (`"QUIT"`) that ends the server when the keeper is dropped.
    pub(crate) fn new(base: &Path, user: &str, stop: &str) -> Result<Self> {
        // A group of its own keeps Ctrl-C in the terminal away from the keeper: it has to act after the others.
        let mut script = Command::new("bash")
            .args(["-c", include_str!("keeper.sh"), "charla-services"])
            .args([base.as_os_str(), user.as_ref(), stop.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("cannot start bash")?;
        let orders = script.stdin.take();
        let answers = BufReader::new(script.stdout.take().context("bash has no standard output")?);
        let mut keeper = Self { script, orders, answers, folder: PathBuf::new() };
        keeper.folder = keeper.answer().with_context(|| format!("cannot use {}", base.display()))?.into();
        Ok(keeper)
    }

    /// The server's own folder, deleted with it.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a command to its end, for at most two minutes; a failure is an error.
    pub(crate) fn run(&mut self, command: &[String]) -> Result<()> {
        let status = self.order("run", command)?;
        ensure!(status == "0", "{} failed with status {status}", command.first().map_or("", String::as_str));
        Ok(())
    }

    /// Starts the server and returns its process id at once.
    pub(crate) fn start(&mut self, command: &[String]) -> Result<u32> {
        self.order("start", command)?.parse().context("the keeper's answer is no process id")
    }

    /// Ends the server with `SIGKILL`, its children included, and waits for its end.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.order("end", &["KILL".to_owned()]).map(drop)
    }

    /// Sends the server a signal that does not end it.
    pub(crate) fn signal(&mut self, name: &str) -> Result<()> {
        let status = self.order("signal", &[name.to_owned()])?;
        ensure!(status == "0", "the server can't be told {name}");
        Ok(())
    }

    /// What the server and the commands before it have printed so far.
    pub(crate) fn log(&self) -> String {
        fs::read(self.folder.join("log"))
            .map(|log| String::from_utf8_lossy(&log).into_owned())
            .unwrap_or_default()
    }

    fn order(&mut self, name: &str, words: &[String]) -> Result<String> {
        let line = [name.to_owned()].into_iter().chain(words.iter().map(|word| quoted(word)));
        let line = line.collect::<Vec<_>>().join(" ");
        ensure!(!line.contains('\n'), "an order is one line");
        let orders = self.orders.as_mut().context("the keeper is closed")?;
        writeln!(orders, "{line}").context("the keeper is gone")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("the keeper is gone");
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.orders.take());
        // An error here means that the keeper has ended already, which is what is waited for.
        self.script.wait().ok();
    }
}

/// The word as the shell reads it back unchanged.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    fn keeper() -> Keeper {
        Keeper::new(&env::temp_dir(), "nobody", "TERM").unwrap()
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    fn runs(pid: u32) -> bool {
        Path::new(&format!("/proc/{pid}")).exists()
    }

    #[test]
    fn commands_get_their_words_unchanged() {
        let mut keeper = keeper();
        keeper.run(&words(&["printf", "<%s>", "it's", "", "a b", "$HOME;*"])).unwrap();
        assert_eq!(keeper.log(), "<it's><><a b><$HOME;*>");
    }

    #[test]
    fn a_failing_command_is_an_error() {
        let error = keeper().run(&words(&["sh", "-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "sh failed with status 3");
    }

    #[test]
    fn dropping_it_ends_the_server_and_deletes_the_folder() {
        let mut keeper = keeper();
        let pid = keeper.start(&words(&["sleep", "1000"])).unwrap();
        let folder = keeper.folder().to_owned();
        assert!(runs(pid) && folder.exists());
        drop(keeper);
        assert!(!runs(pid) && !folder.exists());
    }

    #[test]
    fn a_killed_server_leaves_its_folder_for_the_next_start() {
        let mut keeper = keeper();
        let first = keeper.start(&words(&["sleep", "1000"])).unwrap();
        keeper.kill().unwrap();
        assert!(!runs(first) && keeper.folder().exists());
        let second = keeper.start(&words(&["sleep", "1000"])).unwrap();
        assert!(runs(second));
    }

    #[test]
    fn killing_nothing_is_no_error() {
        keeper().kill().unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let error = Keeper::new(Path::new("/no/such/folder"), "nobody", "TERM").unwrap_err();
        assert_eq!(error.to_string(), "cannot use /no/such/folder");
    }
}
